/** The Java agent, attached to programs in processes of their own. */
@NullMarked
package dev.latentgauge.tests.javaagent;

import org.jspecify.annotations.NullMarked;
