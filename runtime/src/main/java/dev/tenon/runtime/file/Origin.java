package dev.tenon.runtime.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * Where weights are read from. A file is opened for every reading and closed after it, so nobody
 * has to close weights, and a file that has been read can be moved or deleted on every platform. It
 * is read by position, never mapped: a mapped file that is cut by another process ends the virtual
 * machine.
 */
abstract class Origin {
  /** How messages call it: the path as it was given. */
  abstract String name();

  /** Opens it; the caller closes. */
  abstract Bytes open() throws IOException;

  static Origin of(Path path) {
    return new OfPath(path);
  }

  static Origin of(String name, byte[] content) {
    return new Origin() {
      @Override
      String name() {
        return name;
      }

      @Override
      Bytes open() {
        return new OfArray(content);
      }
    };
  }

  private static final class OfPath extends Origin {
    private final Path path;

    /** What the file was when it was opened first; the header holds for no other. */
    private BasicFileAttributes first;

    OfPath(Path path) {
      this.path = path;
    }

    @Override
    String name() {
      return path.toString();
    }

    @Override
    Bytes open() throws IOException {
      SeekableByteChannel channel = Files.newByteChannel(path);
      try {
        requireUnchanged();
        return new OfChannel(path.toString(), channel, channel.size());
      } catch (IOException | RuntimeException | Error e) {
        channel.close();
        throw e;
      }
    }

    private synchronized void requireUnchanged() throws IOException {
      BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
      if (now.isDirectory()) {
        throw new WeightsException(path + ": this is a directory, but no file of weights.");
      }
      if (first == null) {
        first = now;
      } else if (first.size() != now.size()
          || !first.lastModifiedTime().equals(now.lastModifiedTime())
          || !Objects.equals(first.fileKey(), now.fileKey())) {
        throw new WeightsException(
            path + ": the file has been written anew since its header was read: read it again.");
      }
    }
  }

  private record OfChannel(String name, SeekableByteChannel channel, long size) implements Bytes {
    @Override
    public void read(long position, byte[] into, int offset, int count) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, count);
      channel.position(position);
      while (buffer.hasRemaining()) {
        if (channel.read(buffer) < 0) {
          throw new WeightsException(
              name
                  + ": the file has been cut while it was read: byte "
                  + (position + count - buffer.remaining())
                  + " of "
                  + size
                  + " is no longer there.");
        }
      }
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  private record OfArray(byte[] content) implements Bytes {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public void read(long position, byte[] into, int offset, int count) {
      System.arraycopy(content, Math.toIntExact(position), into, offset, count);
    }

    @Override
    public void close() {
      // An array is not opened.
    }
  }
}
