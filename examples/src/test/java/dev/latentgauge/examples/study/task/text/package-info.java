@NullMarked
package dev.latentgauge.examples.study.task.text;

import org.jspecify.annotations.NullMarked;
