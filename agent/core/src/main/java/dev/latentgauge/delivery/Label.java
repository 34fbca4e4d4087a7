package dev.latentgauge.delivery;

import dev.latentgauge.observation.RunInfo;
import java.net.URI;

/**
 * What is written on a spool: whose reports it holds, and where they go.
 *
 * @param collector the address, ending in a slash, without user information
 * @param run the run and its attempt
 */
record Label(URI collector, RunInfo run) {}
