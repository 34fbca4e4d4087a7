/** What comes in: it is decoded, checked, limited, counted, and handed to the store. */
@NullMarked
package dev.latentgauge.collector.ingest;

import org.jspecify.annotations.NullMarked;
