package dev.latentgauge.collector.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.UnknownHostException;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressesTest {

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true", "::1, true", "localhost, true", "127.8.8.8, true",
    "0.0.0.0, false", "::, false", "192.0.2.1, false", "2001:db8::1, false",
  })
  void loopbackIsWhatOnlyThisMachineReaches(String host, boolean loopback)
      throws UnknownHostException {
    assertThat(Addresses.isLoopback(host)).isEqualTo(loopback);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 2001:db8:1:2::/64",
    "2001:db8:1:2::9, 2001:db8:1:2::/64",
    "nonsense, nonsense",
  })
  void whoHasANetworkIsOneClient(String address, String group) {
    assertThat(Addresses.group(address)).isEqualTo(group);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.1 | 192.0.2.1",
        "10.0.0.1, 192.0.2.1 | 192.0.2.1",
        "10.0.0.1,2001:db8::1 | 2001:db8::1",
        "192.0.2.1, unknown | ",
        "'' | ",
        "192.0.2.1, | ",
      })
  void theLastOfForwardedAddressesIsTheProxys(String header, String address) {
    assertThat(Addresses.forwarded(header)).isEqualTo(Optional.ofNullable(address));
  }
}
