/** The page that people look at while trainings run, in a real browser. */
@NullMarked
package dev.latentgauge.tests.live;

import org.jspecify.annotations.NullMarked;
