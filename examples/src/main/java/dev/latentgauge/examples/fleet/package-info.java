/** Trainings that go on at the same time, of which dashboards have something to show. */
@NullMarked
package dev.latentgauge.examples.fleet;

import org.jspecify.annotations.NullMarked;
