package dev.tenon.runtime.file;

import dev.tenon.runtime.text.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads what Python pickled, as far as state dictionaries need it: numbers, texts, lists, tuples,
 * dictionaries, and views of storages. A pickle is a program that may call anything by name; here
 * no name calls anything. The names below are known and stand for values, any other is refused.
 *
 * <p>Nothing calls itself, and dictionaries are lists of pairs that nobody hashes, so neither depth
 * nor a structure that contains itself matters.
 */
final class Pickle {
  private static final int LONGEST_GLOBAL = 200;
  private static final int LONGEST_INT = 8;

  /** How far the numbers of remembered values may jump; writers count one by one. */
  private static final int LARGEST_JUMP = 16;

  private static final int LARGEST_CACHED = 127;

  // What values take in memory, for the budget; lists double now and then, so a place in one counts
  // more than a reference.
  private static final int REFERENCE = 18;
  private static final int NUMBER = 24;
  private static final int OBJECT = 40;

  /** A value that stands for itself and means nothing here. */
  enum Symbol {
    NONE,
    /** Bytes, sets, devices: they may stand in a checkpoint, and nobody asks for them. */
    OTHER
  }

  /** A name of Python. */
  record Global(String name) {}

  /** Values one after the other that never change. */
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
  record Tuple(Object[] items) {}

  /** Values one after the other. */
  static final class PyList {
    final List<Object> items = new ArrayList<>(0);
  }

  /** Values by key: keys at even places, values at odd ones. */
  static final class Dictionary {
    final List<Object> pairs = new ArrayList<>(0);
  }

  private static final String ORDERED = "collections.OrderedDict";
  private static final String REBUILD = "torch._utils._rebuild_tensor";
  private static final String REBUILD_V2 = "torch._utils._rebuild_tensor_v2";
  private static final String REBUILD_V3 = "torch._utils._rebuild_tensor_v3";
  private static final String PARAMETER = "torch._utils._rebuild_parameter";
  private static final String PARAMETER_WITH_STATE = "torch._utils._rebuild_parameter_with_state";
  private static final String SIZE = "torch.Size";
  private static final String UNTYPED = "torch.storage.UntypedStorage";

  private static final Set<String> CALLED =
      Set.of(
          ORDERED, REBUILD, REBUILD_V2, REBUILD_V3, PARAMETER, PARAMETER_WITH_STATE, SIZE, UNTYPED);

  /** What may stand in a checkpoint beside the dictionary, and means nothing here. */
  private static final Set<String> INERT =
      Set.of(
          "torch.device",
          "_codecs.encode",
          "builtins.set",
          "__builtin__.set",
          "builtins.bytearray",
          "__builtin__.bytearray",
          "builtins.complex",
          "__builtin__.complex");

  private static final Map<String, ElementType> STORAGES =
      Map.ofEntries(
          Map.entry("torch.ComplexFloatStorage", ElementType.C64),
          Map.entry("torch.DoubleStorage", ElementType.F64),
          Map.entry("torch.FloatStorage", ElementType.F32),
          Map.entry("torch.HalfStorage", ElementType.F16),
          Map.entry("torch.BFloat16Storage", ElementType.BF16),
          Map.entry("torch.LongStorage", ElementType.I64),
          Map.entry("torch.IntStorage", ElementType.I32),
          Map.entry("torch.ShortStorage", ElementType.I16),
          Map.entry("torch.CharStorage", ElementType.I8),
          Map.entry("torch.ByteStorage", ElementType.U8),
          Map.entry("torch.BoolStorage", ElementType.BOOL));

  private static final Map<String, ElementType> TYPES =
      Map.ofEntries(
          Map.entry("torch.float64", ElementType.F64),
          Map.entry("torch.float32", ElementType.F32),
          Map.entry("torch.float16", ElementType.F16),
          Map.entry("torch.bfloat16", ElementType.BF16),
          Map.entry("torch.int64", ElementType.I64),
          Map.entry("torch.int32", ElementType.I32),
          Map.entry("torch.int16", ElementType.I16),
          Map.entry("torch.int8", ElementType.I8),
          Map.entry("torch.uint8", ElementType.U8),
          Map.entry("torch.uint16", ElementType.U16),
          Map.entry("torch.uint32", ElementType.U32),
          Map.entry("torch.uint64", ElementType.U64),
          Map.entry("torch.bool", ElementType.BOOL),
          Map.entry("torch.complex64", ElementType.C64),
          Map.entry("torch.float8_e4m3fn", ElementType.F8_E4M3),
          Map.entry("torch.float8_e5m2", ElementType.F8_E5M2),
          Map.entry("torch.float8_e4m3fnuz", ElementType.F8_E4M3FNUZ),
          Map.entry("torch.float8_e5m2fnuz", ElementType.F8_E5M2FNUZ),
          Map.entry("torch.float8_e8m0fnu", ElementType.F8_E8M0));

  private final String origin;
  private final ByteCursor cursor;
  private final Budget budget;
  private final Map<String, Storage> storages;

  private final List<Object> stack = new ArrayList<>();
  private int highest;
  private int[] marks = new int[8];
  private int markCount;
  private final List<Object> memo = new ArrayList<>();

  /**
   * A pickle that is about to be read.
   *
   * @param origin the file, for messages
   * @param cursor at its beginning
   * @param storages those that tensors look at, by key; added to
   */
  Pickle(String origin, ByteCursor cursor, Budget budget, Map<String, Storage> storages) {
    this.origin = origin;
    this.cursor = cursor;
    this.budget = budget;
    this.storages = storages;
  }

  /** Reads to the pickle's end. */
  Object read() throws IOException {
    if (cursor.unsignedByte() != 0x80) {
      throw cursor.problem("a pickle begins with its protocol, which must be from 2 to 5");
    }
    int protocol = cursor.unsignedByte();
    if (protocol < 2 || protocol > 5) {
      throw cursor.problem("a pickle of protocol " + protocol + ", but 2 to 5 are read");
    }
    while (true) {
      int operation = cursor.unsignedByte();
      if (operation == '.') {
        Object result = pop();
        if (!stack.isEmpty() || markCount > 0) {
          throw cursor.problem("a pickle that ends with more than one value");
        }
        return result;
      }
      if (!constant(operation) && !collection(operation) && !remembered(operation)) {
        named(operation);
      }
    }
  }

  /** Operations that put a value on the stack. */
  private boolean constant(int operation) throws IOException {
    switch (operation) {
      case 'N' -> push(Symbol.NONE);
      case 0x88 -> push(true);
      case 0x89 -> push(false);
      case 'K' -> number(cursor.unsignedByte());
      case 'M' -> number(cursor.unsignedShort());
      case 'J' -> number(cursor.signedInt());
      case 0x8a -> longNumber(cursor.unsignedByte());
      case 0x8b -> longNumber(cursor.unsignedInt());
      case 'G' -> {
        budget.take(NUMBER);
        push(cursor.bigEndianDouble());
      }
      case 'X' -> text(cursor.unsignedInt());
      case 0x8c, 'U' -> text(cursor.unsignedByte());
      case 0x8d -> text(cursor.signedLong());
      case 'T' -> text(cursor.unsignedInt());
      case 'C' -> other(cursor.unsignedByte());
      case 'B' -> other(cursor.unsignedInt());
      case 0x8e, 0x96 -> other(cursor.signedLong());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void number(long value) throws WeightsException {
    if (value < 0 || value > LARGEST_CACHED) {
      budget.take(NUMBER);
    }
    push(value);
  }

  /** A number of so many bytes, the lowest first; one of more than 64 bits is of no use here. */
  private void longNumber(long length) throws IOException {
    if (length > LONGEST_INT) {
      other(length);
      return;
    }
    long value = 0;
    int shift = 0;
    for (int i = 0; i < length; i++) {
      value |= (long) cursor.unsignedByte() << shift;
      shift += Byte.SIZE;
    }
    int unused = Long.SIZE - shift;
    number(length == 0 ? 0 : value << unused >> unused);
  }

  private void text(long length) throws IOException {
    cursor.requireLeft(length);
    budget.take(2L * OBJECT + length);
    push(cursor.utf8(length, Integer.MAX_VALUE - 8));
  }

  private void other(long length) throws IOException {
    cursor.skip(length);
    push(Symbol.OTHER);
  }

  /** Operations on tuples, lists, dictionaries and sets. */
  private boolean collection(int operation) throws IOException {
    switch (operation) {
      case '(' -> mark();
      case '0' -> pop();
      case '1' -> popToMark();
      case '2' -> push(top(Object.class, "a value to double"));
      case ')' -> tuple(new Object[0]);
      case 't' -> tuple(popToMark());
      case 0x85 -> tuple(new Object[] {pop()});
      case 0x86 -> tuple(popLast(2));
      case 0x87 -> tuple(popLast(3));
      case ']' -> {
        budget.take(OBJECT);
        push(new PyList());
      }
      case 'l' -> {
        Object[] items = popToMark();
        budget.take(OBJECT);
        push(new PyList());
        append(items);
      }
      case 'a' -> {
        Object item = pop();
        budget.take(REFERENCE);
        top(PyList.class, "a list").items.add(item);
      }
      case 'e' -> append(popToMark());
      case '}' -> {
        budget.take(OBJECT);
        push(new Dictionary());
      }
      case 'd' -> {
        Object[] pairs = popToMark();
        budget.take(OBJECT);
        push(new Dictionary());
        setItems(pairs);
      }
      case 's' -> {
        Object value = pop();
        Object key = pop();
        setItem(top(Dictionary.class, "a dictionary"), key, value);
      }
      case 'u' -> setItems(popToMark());
      case 0x8f -> push(Symbol.OTHER);
      case 0x90 -> {
        popToMark();
        requireOther(top(Object.class, "a set"));
      }
      case 0x91 -> {
        popToMark();
        push(Symbol.OTHER);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void requireOther(Object value) throws WeightsException {
    if (value != Symbol.OTHER) {
      throw cursor.problem("items for a set, but there is none");
    }
  }

  private void tuple(Object... items) throws WeightsException {
    budget.take(OBJECT + (long) items.length * REFERENCE);
    push(new Tuple(items));
  }

  private void append(Object... items) throws WeightsException {
    budget.take((long) items.length * REFERENCE);
    List<Object> list = top(PyList.class, "a list").items;
    for (Object item : items) {
      list.add(item);
    }
  }

  private void setItems(Object... pairs) throws WeightsException {
    if (pairs.length % 2 != 0) {
      throw cursor.problem("a dictionary's key without a value");
    }
    Dictionary dictionary = top(Dictionary.class, "a dictionary");
    for (int i = 0; i < pairs.length; i += 2) {
      setItem(dictionary, pairs[i], pairs[i + 1]);
    }
  }

  private void setItem(Dictionary dictionary, Object key, Object value) throws WeightsException {
    budget.take(2 * REFERENCE);
    dictionary.pairs.add(key);
    dictionary.pairs.add(value);
  }

  /** Operations on the memory, which values are kept in that are used again. */
  private boolean remembered(int operation) throws IOException {
    switch (operation) {
      case 'q' -> remember(cursor.unsignedByte());
      case 'r' -> remember(cursor.unsignedInt());
      case 0x94 -> remember(memo.size());
      case 'h' -> recall(cursor.unsignedByte());
      case 'j' -> recall(cursor.unsignedInt());
      case 0x95 -> cursor.signedLong();
      default -> {
        return false;
      }
    }
    return true;
  }

  private void remember(long number) throws WeightsException {
    if (number > memo.size() + LARGEST_JUMP) {
      throw cursor.problem(
          "a value that is remembered as number " + number + ", but there are " + memo.size());
    }
    Object value = top(Object.class, "a value to remember");
    while (memo.size() <= number) {
      budget.take(REFERENCE);
      memo.add(null);
    }
    memo.set((int) number, value);
  }

  private void recall(long number) throws WeightsException {
    Object value = number < memo.size() ? memo.get((int) number) : null;
    if (value == null) {
      throw cursor.problem("a value of number " + number + ", which was never remembered");
    }
    push(value);
  }

  /** Operations on names of Python, which call something there. */
  private void named(int operation) throws IOException {
    switch (operation) {
      case 'c' -> {
        String module = cursor.line(LONGEST_GLOBAL);
        global(module, cursor.line(LONGEST_GLOBAL));
      }
      case 0x93 -> {
        String name = pop(String.class, "a name");
        global(pop(String.class, "a module's name"), name);
      }
      case 'R' -> {
        Tuple arguments = pop(Tuple.class, "arguments");
        push(call(pop(Global.class, "a name to call"), arguments.items()));
      }
      case 'b' -> {
        pop();
        // An ordered dictionary keeps the versions of its modules as an attribute.
        top(Dictionary.class, "a dictionary to give attributes to");
      }
      case 'Q' -> storage(pop(Tuple.class, "a storage's description").items());
      default ->
          throw cursor.problem(
              "the operation 0x"
                  + Integer.toHexString(operation)
                  + ", which no state dictionary has");
    }
  }

  private void global(String module, String name) throws WeightsException {
    String full = module + "." + name;
    boolean known =
        CALLED.contains(full)
            || INERT.contains(full)
            || STORAGES.containsKey(full)
            || TYPES.containsKey(full);
    if (!known) {
      throw new WeightsException(
          origin
              + ": refused: the file names "
              + Quoted.plain(full)
              + ", which no state dictionary needs. Nothing of it has been run. Save the state"
              + " dictionary alone: torch.save(model.state_dict(), path).");
    }
    budget.take(OBJECT);
    push(new Global(full));
  }

  private Object call(Global global, Object... arguments) throws WeightsException {
    if (INERT.contains(global.name())) {
      return Symbol.OTHER;
    }
    return switch (global.name()) {
      case ORDERED -> ordered(arguments);
      case REBUILD -> tensor(arguments, 4);
      case REBUILD_V2 -> tensor(arguments, 6);
      case REBUILD_V3 -> tensor(arguments, 7);
      case PARAMETER -> parameter(arguments, 3);
      case PARAMETER_WITH_STATE -> parameter(arguments, 4);
      case SIZE -> {
        if (arguments.length != 1 || !(arguments[0] instanceof Tuple)) {
          throw cursor.problem("torch.Size of something that is no tuple");
        }
        yield arguments[0];
      }
      default -> throw cursor.problem("a call of " + global.name());
    };
  }

  /** An empty ordered dictionary, or one of pairs, as Python 2 has them. */
  private Object ordered(Object... arguments) throws WeightsException {
    budget.take(OBJECT);
    Dictionary dictionary = new Dictionary();
    if (arguments.length == 0) {
      return dictionary;
    }
    if (arguments.length > 1 || !(arguments[0] instanceof PyList pairs)) {
      throw cursor.problem("collections.OrderedDict of something that is no list of pairs");
    }
    for (Object pair : pairs.items) {
      Object[] items =
          pair instanceof Tuple tuple
              ? tuple.items()
              : pair instanceof PyList list ? list.items.toArray() : new Object[0];
      if (items.length != 2) {
        throw cursor.problem("collections.OrderedDict of something that is no list of pairs");
      }
      setItem(dictionary, items[0], items[1]);
    }
    return dictionary;
  }

  /** The tensor that a parameter is. */
  private Object parameter(Object[] arguments, int count) throws WeightsException {
    if (arguments.length != count || !(arguments[0] instanceof TensorView)) {
      throw cursor.problem("a parameter of something that is no tensor");
    }
    return arguments[0];
  }

  /** Storage, offset, shape, strides, and then what the versions of PyTorch have added. */
  private Object tensor(Object[] arguments, int count) throws WeightsException {
    boolean typed = count == 7;
    if (arguments.length < count || arguments.length > count + 1) {
      throw cursor.problem("a tensor of " + arguments.length + " values, but it has " + count);
    }
    if (!(arguments[0] instanceof Storage storage) || !(arguments[1] instanceof Long offset)) {
      throw cursor.problem("a tensor without a storage and an offset");
    }
    if (arguments.length == count + 1 && !isEmpty(arguments[count])) {
      throw cursor.problem(
          "a tensor that is to be negated or conjugated: save it with .resolve_neg() and"
              + " .resolve_conj()");
    }
    Optional<ElementType> type = storage.type();
    if (typed) {
      type =
          arguments[6] instanceof Global named
              ? Optional.ofNullable(TYPES.get(named.name()))
              : Optional.empty();
    }
    if (type.isEmpty() || (typed && storage.type().isPresent())) {
      throw cursor.problem("a tensor whose element type is not known");
    }
    long[] shape = numbers(arguments[2]);
    long[] strides = numbers(arguments[3]);
    budget.take(2L * OBJECT);
    return TensorView.of(cursor, storage, type.get(), offset, shape, strides);
  }

  private static boolean isEmpty(Object value) {
    return value == Symbol.NONE
        || (value instanceof Dictionary dictionary && dictionary.pairs.isEmpty());
  }

  private long[] numbers(Object value) throws WeightsException {
    Object[] items =
        value instanceof Tuple tuple
            ? tuple.items()
            : value instanceof PyList list ? list.items.toArray() : null;
    if (items == null) {
      throw cursor.problem("a tensor whose shape or strides are no tuple");
    }
    budget.take(OBJECT + (long) items.length * Long.BYTES);
    long[] numbers = new long[items.length];
    for (int i = 0; i < numbers.length; i++) {
      if (!(items[i] instanceof Long number)) {
        throw cursor.problem("a tensor whose shape or strides are no whole numbers");
      }
      numbers[i] = number;
    }
    return numbers;
  }

  /** ("storage", type, key, device, elements), and in old files the part that is meant. */
  private void storage(Object... items) throws WeightsException {
    if (items.length < 5
        || items.length > 6
        || !"storage".equals(items[0])
        || !(items[1] instanceof Global global)
        || !(items[2] instanceof String key)
        || !(items[4] instanceof Long elements)) {
      throw cursor.problem("something that lies outside the pickle and is no storage");
    }
    Optional<ElementType> type = Optional.ofNullable(STORAGES.get(global.name()));
    if (type.isEmpty() && !global.name().equals(UNTYPED)) {
      throw cursor.problem("a storage of type " + global.name());
    }
    if (elements < 0 || elements > Long.MAX_VALUE / Long.BYTES) {
      throw cursor.problem("a storage of " + elements + " elements");
    }
    long viewed = items.length == 6 ? viewed(items[5], elements) : 0;
    budget.take(2L * OBJECT);
    Storage storage = new Storage(type, key, elements, viewed);
    Storage before = storages.putIfAbsent(key, storage);
    if (before != null && before.bytes() != storage.bytes()) {
      throw cursor.problem(
          "a storage "
              + Quoted.of(key)
              + " of "
              + storage.bytes()
              + " bytes, which had "
              + before.bytes()
              + " before");
    }
    push(storage);
  }

  /** Where a view begins: none, or (its key, offset, elements). */
  private long viewed(Object view, long elements) throws WeightsException {
    if (view == Symbol.NONE) {
      return 0;
    }
    if (view instanceof Tuple tuple
        && tuple.items().length == 3
        && tuple.items()[1] instanceof Long offset
        && offset >= 0
        && offset <= elements) {
      return offset;
    }
    throw cursor.problem("a view of a storage that does not lie in it");
  }

  private void mark() throws WeightsException {
    if (markCount == marks.length) {
      budget.take((long) markCount * 2 * Integer.BYTES);
      marks = Arrays.copyOf(marks, 2 * markCount);
    }
    marks[markCount++] = stack.size();
  }

  private void push(Object value) throws WeightsException {
    if (stack.size() == highest) {
      budget.take(REFERENCE);
      highest++;
    }
    stack.add(value);
  }

  private Object pop() throws WeightsException {
    int least = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() <= least) {
      throw cursor.problem("an operation on a value that is not there");
    }
    return stack.remove(stack.size() - 1);
  }

  private Object[] popLast(int count) throws WeightsException {
    Object[] values = new Object[count];
    for (int i = count - 1; i >= 0; i--) {
      values[i] = pop();
    }
    return values;
  }

  private Object[] popToMark() throws WeightsException {
    if (markCount == 0) {
      throw cursor.problem("an operation on values up to a mark that is not there");
    }
    List<Object> values = stack.subList(marks[--markCount], stack.size());
    Object[] popped = values.toArray();
    values.clear();
    return popped;
  }

  private <T> T pop(Class<T> type, String what) throws WeightsException {
    return require(pop(), type, what);
  }

  private <T> T top(Class<T> type, String what) throws WeightsException {
    int least = markCount == 0 ? 0 : marks[markCount - 1];
    if (stack.size() <= least) {
      throw cursor.problem("an operation on a value that is not there");
    }
    return require(stack.get(stack.size() - 1), type, what);
  }

  private <T> T require(Object value, Class<T> type, String what) throws WeightsException {
    if (!type.isInstance(value)) {
      throw cursor.problem("something else where " + what + " has to be");
    }
    return type.cast(value);
  }
}
