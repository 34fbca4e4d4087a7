/** Reports that go to collectors by a topic of Kafka. */
@NullMarked
package dev.latentgauge.agent.kafka;

import org.jspecify.annotations.NullMarked;
