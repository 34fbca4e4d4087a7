@NullMarked
package dev.latentgauge.examples.study.report;

import org.jspecify.annotations.NullMarked;
