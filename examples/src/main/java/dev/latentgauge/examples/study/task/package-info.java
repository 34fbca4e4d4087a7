/** What the study trains: data sets, networks, and the runs that vary them. */
@NullMarked
package dev.latentgauge.examples.study.task;

import org.jspecify.annotations.NullMarked;
