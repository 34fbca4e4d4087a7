package dev.latentgauge.agent;

import dev.latentgauge.reference.Reading;

/**
 * What one pass came to for one target; that nothing could be measured is a reading too.
 *
 * @param failed whether that is so because something went wrong, which says nothing of the model
 */
record Sample(Target target, Reading reading, boolean failed) {}
