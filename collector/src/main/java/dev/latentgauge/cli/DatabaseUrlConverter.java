package dev.latentgauge.cli;

import dev.latentgauge.collector.store.DatabaseUrl;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a database. */
final class DatabaseUrlConverter implements ITypeConverter<DatabaseUrl> {

  @Override
  public DatabaseUrl convert(String text) {
    try {
      return DatabaseUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(String.valueOf(e.getMessage()));
    }
  }
}
