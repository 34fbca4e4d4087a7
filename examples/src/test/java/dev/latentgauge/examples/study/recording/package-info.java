@NullMarked
package dev.latentgauge.examples.study.recording;

import org.jspecify.annotations.NullMarked;
