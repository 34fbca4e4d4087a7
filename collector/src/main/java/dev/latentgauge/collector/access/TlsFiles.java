package dev.latentgauge.collector.access;

import java.nio.file.Path;

/**
 * Where the certificate of the collector is, and its key; both may change while it runs.
 *
 * @param certificate PEM, the collector's own first, then those that vouch for it
 * @param key PEM, of PKCS #8, or of PKCS #1 or SEC 1
 */
public record TlsFiles(Path certificate, Path key) {}
