package dev.latentgauge.examples.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads members of a tar archive.
 *
 * <p>An archive is a row of blocks of 512 bytes: for each member a header, then its content, filled
 * up to whole blocks; a header that begins with a zero is the end. Of the header only what POSIX
 * (ustar), GNU and older writers have in common is read, which is enough for names of up to 100
 * bytes; what writers put between members for their own purposes has other types than that of a
 * file, and is passed over.
 */
final class TarArchive {

  private static final int BLOCK = 512;

  // Offsets and lengths of fields in a header; numbers are octal digits.
  private static final int NAME_LENGTH = 100;
  private static final int SIZE = 124;
  private static final int SIZE_LENGTH = 12;
  private static final int SUM = 148;
  private static final int SUM_LENGTH = 8;
  private static final int TYPE = 156;

  private TarArchive() {}

  /**
   * Finds members by their names, in whatever folder of the archive they are.
   *
   * @param archive a tar archive, uncompressed
   * @param names what to look for, without folders
   * @return their contents, in the order of the names
   * @throws DataException if there is no such member, or the archive is damaged
   */
  static List<Content> members(Content archive, List<String> names) throws DataException {
    Map<String, Content> found = new HashMap<>();
    byte[] bytes = archive.bytes();
    int position = 0;
    while (position + BLOCK <= bytes.length && bytes[position] != 0) {
      String path = text(bytes, position, NAME_LENGTH);
      if (number(bytes, position + SUM, SUM_LENGTH) != sum(bytes, position)) {
        throw damaged(archive, "the header at byte " + position + " has another sum than it says");
      }
      int start = position + BLOCK;
      long size = number(bytes, position + SIZE, SIZE_LENGTH);
      if (size < 0 || size > bytes.length - start) {
        throw damaged(archive, "it ends within " + path);
      }
      int end = start + (int) size;
      String name = path.substring(path.lastIndexOf('/') + 1);
      if (isFile(bytes[position + TYPE]) && names.contains(name)) {
        found.put(
            name,
            new Content(archive.origin() + ":" + path, Arrays.copyOfRange(bytes, start, end)));
      }
      position = start + (int) ((size + BLOCK - 1) / BLOCK * BLOCK);
    }
    if (!found.keySet().containsAll(names)) {
      throw damaged(archive, "it must have %s in it, but has %s".formatted(names, found.keySet()));
    }
    return names.stream().map(found::get).toList();
  }

  private static boolean isFile(byte type) {
    return type == '0' || type == 0;
  }

  /** The sum of a header's bytes, those of the sum itself taken as blanks. */
  private static long sum(byte[] bytes, int header) {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= SUM && i < SUM + SUM_LENGTH ? ' ' : Byte.toUnsignedInt(bytes[header + i]);
    }
    return sum;
  }

  /** The number in a field, or -1 if there is none. */
  private static long number(byte[] bytes, int from, int length) {
    try {
      return Long.parseUnsignedLong(text(bytes, from, length).strip(), 8);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String text(byte[] bytes, int from, int length) {
    int end = from;
    while (end < from + length && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
  }

  private static DataException damaged(Content archive, String reason) {
    return new DataException(archive.origin() + " is not a whole tar archive: " + reason);
  }
}
