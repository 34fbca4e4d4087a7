/**
 * What is reported: one record of one measurement, the run it belongs to, and the JSON of both.
 *
 * <p>Agent and collector share these types, so that the wire has one definition.
 */
@NullMarked
package dev.latentgauge.observation;

import org.jspecify.annotations.NullMarked;
