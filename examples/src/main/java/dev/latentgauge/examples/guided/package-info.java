/**
 * The score as an objective: a training with few labels, guided by what a reference makes of images
 * without labels.
 */
@NullMarked
package dev.latentgauge.examples.guided;

import org.jspecify.annotations.NullMarked;
