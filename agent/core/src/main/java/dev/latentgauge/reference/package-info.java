/** The models that runs are compared with: how they are made, kept in files and read again. */
@NullMarked
package dev.latentgauge.reference;

import org.jspecify.annotations.NullMarked;
