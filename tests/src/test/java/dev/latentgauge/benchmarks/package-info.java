/** What things cost, by JMH; {@code tests/benchmark.sh} runs them. */
@NullMarked
package dev.latentgauge.benchmarks;

import org.jspecify.annotations.NullMarked;
