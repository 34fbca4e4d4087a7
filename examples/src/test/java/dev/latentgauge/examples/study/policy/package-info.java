@NullMarked
package dev.latentgauge.examples.study.policy;

import org.jspecify.annotations.NullMarked;
