package dev.latentgauge.collector.access;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where clients come from, and where the collector listens. */
final class Addresses {

  private static final int V6_NETWORK_BYTES = 8;

  private Addresses() {}

  /** Who an address stands for; of IPv6 its network, within which a client may choose. */
  static String group(String address) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(address);
    if (bytes == null || bytes.length == 4) {
      return address;
    }
    return NetUtil.bytesToIpAddress(Arrays.copyOf(Arrays.copyOf(bytes, V6_NETWORK_BYTES), 16))
        + "/64";
  }

  /**
   * What the proxy says of its client. It adds to what the client may have written itself, so that
   * the last one counts alone.
   */
  static Optional<String> forwarded(String header) {
    String last = header.substring(header.lastIndexOf(',') + 1).strip();
    return Optional.of(last).filter(Addresses::isValidIp);
  }

  private static boolean isValidIp(String text) {
    return NetUtil.isValidIpV4Address(text) || NetUtil.isValidIpV6Address(text);
  }

  /** Whether nobody but this machine can reach what listens there. */
  static boolean isLoopback(String host) throws UnknownHostException {
    return Arrays.stream(InetAddress.getAllByName(host)).allMatch(InetAddress::isLoopbackAddress);
  }

  /** Whether the name in a header {@code Host} can only mean this machine; asks no name server. */
  static boolean namesLoopback(String host) {
    String name = withoutPort(host).toLowerCase(Locale.ROOT);
    return name.equals("localhost") || isLoopbackLiteral(name);
  }

  private static boolean isLoopbackLiteral(String name) {
    byte @Nullable [] bytes = NetUtil.createByteArrayFromIpAddressString(name);
    try {
      return bytes != null && InetAddress.getByAddress(bytes).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The name in a header {@code Host}. */
  static String withoutPort(String host) {
    int end = host.startsWith("[") ? host.indexOf(']') + 1 : host.indexOf(':');
    return end <= 0 ? host : host.substring(0, end);
  }
}
