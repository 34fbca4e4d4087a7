/** Files and folders, and that they are on the disk. */
@NullMarked
package dev.latentgauge.collector.disk;

import org.jspecify.annotations.NullMarked;
