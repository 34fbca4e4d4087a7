/**
 * Questions as two frozen sentence encoders embed them: does a head that was trained behind the one
 * work behind the other? The claim of the paper's section on text.
 */
@NullMarked
package dev.latentgauge.examples.stitching.text;

import org.jspecify.annotations.NullMarked;
