/**
 * Blocks between the parts of different models: relative representations, which any head can be
 * trained on, and translations between spaces that already exist.
 */
@NullMarked
package dev.latentgauge.projection;

import org.jspecify.annotations.NullMarked;
