/** What stop policies would have saved and cost, had they watched the trainings of the study. */
@NullMarked
package dev.latentgauge.examples.study.policy;

import org.jspecify.annotations.NullMarked;
