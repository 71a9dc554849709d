package dev.tenon.runtime.file;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/** The files of a folder, through a file system that fails where it is told to. */
public final class FailingFiles {
  /** What can fail. */
  public enum Operation {
    CREATE,
    WRITE,
    FORCE,
    CLOSE,
    MOVE,
    DELETE
  }

  private final Provider provider = new Provider();
  private final Path root;
  private Operation failing;
  private boolean deletes = true;
  private long room = Long.MAX_VALUE;
  private IOException failure;

  /** Files that all operations work on until one is told to fail. */
  public FailingFiles(Path root) {
    this.root = root;
  }

  /** A path of the folder, in this file system. */
  public Path path(String name) {
    return provider.wrap(root.resolve(name));
  }

  /** From here on the operation fails; all others work. */
  public IOException fail(Operation operation) {
    failing = operation;
    room = operation == Operation.WRITE ? 0 : Long.MAX_VALUE;
    failure = new IOException(operation + " failed");
    return failure;
  }

  /** From here on so many bytes can be written. */
  public IOException full(long bytes) {
    failing = Operation.WRITE;
    room = bytes;
    failure = new IOException("No space left on device");
    return failure;
  }

  /** From here on nothing can be deleted. */
  public void keepEverything() {
    deletes = false;
  }

  private void does(Operation operation) throws IOException {
    if (operation == Operation.DELETE && !deletes) {
      throw new IOException("DELETE failed");
    }
    if (operation == failing && operation != Operation.WRITE) {
      throw failure;
    }
  }

  private static Path real(Path path) {
    return Proxy.isProxyClass(path.getClass())
        ? ((Wrapped) Proxy.getInvocationHandler(path)).path
        : path;
  }

  /** A path whose file system is the failing one. */
  private record Wrapped(Provider provider, Path path)
      implements java.lang.reflect.InvocationHandler {
    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
      if (method.getName().equals("getFileSystem")) {
        return provider.files;
      }
      Object[] plain =
          arguments == null
              ? new Object[0]
              : Arrays.stream(arguments).map(a -> a instanceof Path p ? real(p) : a).toArray();
      try {
        Object result = method.invoke(path, plain);
        return result instanceof Path p ? provider.wrap(p) : result;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }

  private final class Provider extends FileSystemProvider {
    private final FileSystem files = new Files();

    private Path wrap(Path path) {
      return (Path)
          Proxy.newProxyInstance(
              FailingFiles.class.getClassLoader(),
              new Class<?>[] {Path.class},
              new Wrapped(this, path));
    }

    private FileSystemProvider below() {
      return root.getFileSystem().provider();
    }

    @Override
    public String getScheme() {
      return "failing";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return files;
    }

    @Override
    public Path getPath(URI uri) {
      return wrap(Path.of(uri));
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      return newFileChannel(path, options, attributes);
    }

    @Override
    public FileChannel newFileChannel(
        Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (options.contains(java.nio.file.StandardOpenOption.CREATE_NEW)) {
        does(Operation.CREATE);
      }
      return new Channel(below().newFileChannel(real(path), options, attributes));
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> real =
          below().newDirectoryStream(real(folder), path -> filter.accept(wrap(path)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          Iterator<Path> paths = real.iterator();
          return new Iterator<>() {
            @Override
            public boolean hasNext() {
              return paths.hasNext();
            }

            @Override
            public Path next() {
              return wrap(paths.next());
            }
          };
        }

        @Override
        public void close() throws IOException {
          real.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      below().createDirectory(real(folder), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      does(Operation.DELETE);
      below().delete(real(path));
    }

    @Override
    public void copy(Path from, Path to, CopyOption... options) throws IOException {
      below().copy(real(from), real(to), options);
    }

    @Override
    public void move(Path from, Path to, CopyOption... options) throws IOException {
      does(Operation.MOVE);
      below().move(real(from), real(to), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return below().isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return below().isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      return below().getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      below().checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return below().getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return below().readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String names, LinkOption... options)
        throws IOException {
      return below().readAttributes(real(path), names, options);
    }

    @Override
    public void setAttribute(Path path, String name, Object value, LinkOption... options)
        throws IOException {
      below().setAttribute(real(path), name, value, options);
    }
  }

  private final class Files extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public void close() {}

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return root.getFileSystem().getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      return root.getFileSystem().getRootDirectories();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return root.getFileSystem().getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return root.getFileSystem().supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return provider.wrap(root.getFileSystem().getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      return root.getFileSystem().getPathMatcher(pattern);
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      return root.getFileSystem().getUserPrincipalLookupService();
    }

    @Override
    public WatchService newWatchService() throws IOException {
      return root.getFileSystem().newWatchService();
    }
  }

  /** Writes as much as there is room for, then fails. */
  private final class Channel extends FileChannel {
    private final FileChannel real;

    Channel(FileChannel real) {
      this.real = real;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      if (source.remaining() <= room) {
        room -= source.remaining();
        return real.write(source);
      }
      ByteBuffer fits = source.slice();
      fits.limit((int) room);
      room = 0;
      source.position(source.position() + real.write(fits));
      throw failure;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
      long all = 0;
      for (int i = offset; i < offset + length; i++) {
        all += write(sources[i]);
      }
      return all;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force(boolean metaData) throws IOException {
      does(Operation.FORCE);
      real.force(metaData);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
      does(Operation.CLOSE);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      return real.read(target);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
      return real.read(targets, offset, length);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return real.read(target, position);
    }

    @Override
    public long position() throws IOException {
      return real.position();
    }

    @Override
    public FileChannel position(long position) throws IOException {
      real.position(position);
      return this;
    }

    @Override
    public long size() throws IOException {
      return real.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      real.truncate(size);
      return this;
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target)
        throws IOException {
      return real.transferTo(position, count, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count)
        throws IOException {
      return real.transferFrom(source, position, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
      return real.map(mode, position, size);
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) throws IOException {
      return real.lock(position, size, shared);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return real.tryLock(position, size, shared);
    }
  }
}
