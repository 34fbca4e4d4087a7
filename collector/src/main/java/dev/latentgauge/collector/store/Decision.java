package dev.latentgauge.collector.store;

import dev.latentgauge.stopping.Verdict;
import java.time.Instant;

/**
 * What a policy has decided.
 *
 * @param policy the name of the policy
 * @param standing how the run stood
 * @param verdict what came of it
 * @param reason why, for people
 * @param decidedAt when, by the collector's clock
 */
public record Decision(
    String policy, Standing standing, Verdict verdict, String reason, Instant decidedAt) {}
