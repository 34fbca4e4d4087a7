@NullMarked
package dev.latentgauge.examples.study.measure;

import org.jspecify.annotations.NullMarked;
