package dev.tenon.processor.write;

import dev.tenon.processor.read.SourceEncoding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.TypeElement;

/** Writes generated sources, each with the network as its one originating element. */
public final class SourceWriter {
  private final Filer filer;
  private final SourceEncoding encoding;

  /** Prepares a writer. */
  public SourceWriter(Filer filer, SourceEncoding encoding) {
    this.filer = filer;
    this.encoding = encoding;
  }

  /**
   * Writes one file.
   *
   * @return false if this compilation has a type of that name already
   */
  public boolean write(GeneratedSource source, TypeElement network) {
    try (Writer writer = filer.createSourceFile(source.qualifiedName(), network).openWriter()) {
      writer.write(encoding.encodable(source.text(), network));
      return true;
    } catch (FilerException exists) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot write " + source.qualifiedName(), e);
    }
  }
}
