/** A training with Deeplearning4j, to compare with; it has a class path of its own. */
package dev.latentgauge.tests.dl4j;
