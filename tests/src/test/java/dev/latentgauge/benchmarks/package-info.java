/** What things cost, by JMH or by trainings in turns; {@code tests/benchmark.sh} runs them. */
@NullMarked
package dev.latentgauge.benchmarks;

import org.jspecify.annotations.NullMarked;
