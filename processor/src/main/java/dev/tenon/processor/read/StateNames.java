package dev.tenon.processor.read;

import dev.tenon.processor.declaration.SourceRef;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import javax.lang.model.element.ExecutableElement;

/** The names of a network's layers in its state dictionary, and which of them are taken. */
final class StateNames {
  private static final Pattern PATH = Pattern.compile("\\w+(\\.\\w+)*");

  private final SizedAttributeReader attributes;
  private final TreeSet<String> taken = new TreeSet<>();

  StateNames(SizedAttributeReader attributes) {
    this.attributes = attributes;
  }

  /** The name that a method gives: its own, or what {@code @Name} says. */
  String read(DeclaringType in, int member) {
    ExecutableElement method = in.method(member);
    String name = method.getSimpleName().toString();
    Optional<String> written =
        Mirrors.named(method, Mirrors.NAME)
            .flatMap(mirror -> attributes.read(in, member, mirror))
            .map(values -> values.text("value"));
    if (written.isEmpty() || PATH.matcher(written.get()).matches()) {
      return written.orElse(name);
    }
    in.report()
        .add(
            ReadProblems.PATH,
            new SourceRef(in.place(member), Mirrors.NAME, "value"),
            "@Name on "
                + name
                + ": \""
                + written.get()
                + "\" is no name: it has parts of letters, digits and underscores with dots between"
                + " them.",
            "Write \"layer1.0\", for example.");
    return name;
  }

  /** Takes a name, and reports if it clashes with another. */
  void take(DeclaringType in, int member, String path) {
    ExecutableElement method = in.method(member);
    // Methods of one name have been reported as such.
    Optional<String> other = clash(path);
    taken.add(path);
    if (other.isPresent() && method.getParameters().isEmpty()) {
      boolean named = Mirrors.named(method, Mirrors.NAME).isPresent();
      in.report()
          .add(
              ReadProblems.PATH_TAKEN,
              new SourceRef(in.place(member), named ? Mirrors.NAME : "", named ? "value" : ""),
              (named ? "@Name on " : "The layer ")
                  + method.getSimpleName()
                  + (other.get().equals(path)
                      ? ": there are two layers called " + path + "."
                      : ": "
                          + path
                          + " and "
                          + other.get()
                          + " cannot both be layers, as one holds the other."),
              "Give one of them another name with @Name.");
    }
  }

  /** A layer of this name, or one whose state could have names of this one's. */
  Optional<String> clash(String path) {
    for (int dot = path.indexOf('.'); dot >= 0; dot = path.indexOf('.', dot + 1)) {
      if (taken.contains(path.substring(0, dot))) {
        return Optional.of(path.substring(0, dot));
      }
    }
    return taken.contains(path)
        ? Optional.of(path)
        : Optional.ofNullable(taken.ceiling(path + "."))
            .filter(name -> name.startsWith(path + "."));
  }
}
