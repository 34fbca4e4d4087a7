package dev.latentgauge.cli;

import java.net.URI;
import java.net.URISyntaxException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a collector; whether it can be one is checked by who asks it. */
final class AddressConverter implements ITypeConverter<URI> {

  @Override
  public URI convert(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new TypeConversionException(
          "must be an address like http://127.0.0.1:9475, but is '" + text + "'");
    }
  }
}
