@NullMarked
package dev.latentgauge.examples.study.task.graph;

import org.jspecify.annotations.NullMarked;
