/** The collector over HTTP: reports, reads, metrics and health. */
@NullMarked
package dev.latentgauge.collector.web;

import org.jspecify.annotations.NullMarked;
