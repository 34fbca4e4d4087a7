/** Dashboards, rules and runbook, against the catalogue of metrics and real servers. */
@NullMarked
package dev.latentgauge.tests.dashboards;

import org.jspecify.annotations.NullMarked;
