@NullMarked
package dev.latentgauge.examples.study.task;

import org.jspecify.annotations.NullMarked;
