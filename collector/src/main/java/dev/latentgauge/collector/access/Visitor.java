package dev.latentgauge.collector.access;

import java.util.Optional;

/**
 * Who was let in.
 *
 * @param address where it came from; of IPv6 the network of 64 bits, which is what one customer
 *     gets
 * @param token the name of the token; empty if none was needed
 */
public record Visitor(String address, Optional<String> token) {

  /**
   * Whose limits apply: the token's, or without one the address's.
   *
   * @return a name that is the same for the same client
   */
  public String client() {
    return token.map(name -> "token " + name).orElse(address);
  }
}
