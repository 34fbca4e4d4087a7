/** The report of the study: Markdown and figures, from nothing but its tables. */
@NullMarked
package dev.latentgauge.examples.study.report;

import org.jspecify.annotations.NullMarked;
