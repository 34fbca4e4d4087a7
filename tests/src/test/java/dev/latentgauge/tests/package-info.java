/** What holds across modules. */
@NullMarked
package dev.latentgauge.tests;

import org.jspecify.annotations.NullMarked;
