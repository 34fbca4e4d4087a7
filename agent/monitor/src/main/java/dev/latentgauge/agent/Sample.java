package dev.latentgauge.agent;

import dev.latentgauge.reference.Reading;

/** What one pass came to for one target; that nothing could be measured is a reading too. */
record Sample(Target target, Reading reading) {}
