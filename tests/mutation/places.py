"""The places where the core can be broken, found in its syntax tree by libclang.

A place is a piece of one file and what it is replaced by. Only what is a node of the tree counts: no
comment, no string, nothing inside a static_assert, a macro or a system's header.
"""

import dataclasses
import pathlib
import re

from clang.cindex import Config, CursorKind, Index, TypeKind

Config.set_library_file("libclang-14.so.1")

NEGATED = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
OFF_BY_ONE = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}
CONNECTIVES = {"&&": "||", "||": "&&"}

STATEMENTS = {CursorKind.BREAK_STMT, CursorKind.CONTINUE_STMT}
FUNCTIONS = {
    CursorKind.FUNCTION_DECL,
    CursorKind.CXX_METHOD,
    CursorKind.CONSTRUCTOR,
    CursorKind.DESTRUCTOR,
    CursorKind.CONVERSION_FUNCTION,
    CursorKind.FUNCTION_TEMPLATE,
}
CLASSES = {CursorKind.CLASS_DECL, CursorKind.STRUCT_DECL, CursorKind.CLASS_TEMPLATE}
INTEGERS = {
    TypeKind.UCHAR, TypeKind.USHORT, TypeKind.UINT, TypeKind.ULONG, TypeKind.ULONGLONG,
    TypeKind.SCHAR, TypeKind.SHORT, TypeKind.INT, TypeKind.LONG, TypeKind.LONGLONG,
}  # fmt: skip
LITERAL = re.compile(r"(0[xX][0-9a-fA-F']+|[0-9][0-9']*)[uUlLzZ]*")


@dataclasses.dataclass(frozen=True, order=True)
class Place:
    """What is replaced, in bytes of its file, and by what."""

    file: str  # "model/protocol/uri.cc"
    begin: int
    end: int
    operator: str
    replacement: str
    function: str = dataclasses.field(compare=False)

    @property
    def is_header(self):
        return self.file.endswith(".h")

    def apply(self, text):
        """The bytes of the file, broken."""
        return text[: self.begin] + self.replacement.encode() + text[self.end :]

    def source(self, text):
        """The line it stands in, with what becomes of what: `if (a {< -> <=} b)`."""
        first = text.rfind(b"\n", 0, self.begin) + 1
        last = text.find(b"\n", self.end)
        old = text[self.begin : self.end].decode()
        marked = (
            f"{text[first:self.begin].decode()}{{{old} -> {self.replacement}}}"
            f"{text[self.end : last].decode()}"
        )
        return " ".join(marked.split())


class Finder:
    """Walks what one translation unit says of the files of the core."""

    def __init__(self, root, texts):
        self._root = root
        self._texts = texts
        self._function = []
        self.places = set()

    def walk_unit(self, unit):
        for cursor in unit.cursor.get_children():
            self._walk_top(cursor)

    def _walk_top(self, cursor):
        if self._file_of(cursor) is not None:
            self._walk(cursor, [])

    def _file_of(self, cursor):
        location = cursor.location
        if location.file is None:
            return None
        path = pathlib.Path(location.file.name)
        try:
            name = str(path.relative_to(self._root))
        except ValueError:
            return None
        return name if name in self._texts else None

    def _walk(self, cursor, parents):
        kind = cursor.kind
        if kind == CursorKind.STATIC_ASSERT:
            return
        named = kind in FUNCTIONS or kind in CLASSES
        if named:
            self._function.append(self._name_of(cursor))
        self._look(cursor, kind, parents)
        parents.append(cursor)
        for child in cursor.get_children():
            self._walk(child, parents)
        parents.pop()
        if named:
            self._function.pop()

    @staticmethod
    def _name_of(cursor):
        """With its class, where it is defined outside of it."""
        parent, inside = cursor.semantic_parent, cursor.lexical_parent
        outside = parent is not None and parent != inside and parent.kind in CLASSES
        return f"{parent.spelling}::{cursor.spelling}" if outside else cursor.spelling

    def _look(self, cursor, kind, parents):
        if kind in (CursorKind.BINARY_OPERATOR, CursorKind.CALL_EXPR):
            self._look_at_operator(cursor, kind)
        elif kind == CursorKind.INTEGER_LITERAL:
            self._look_at_literal(cursor)
        elif kind == CursorKind.CXX_BOOL_LITERAL_EXPR:
            old = self._text(cursor)
            if old in ("true", "false"):
                self._add(cursor, "replace-boolean", "false" if old == "true" else "true")
        elif kind == CursorKind.DECL_REF_EXPR:
            self._look_at_name(cursor)
        elif kind in (CursorKind.IF_STMT, CursorKind.WHILE_STMT, CursorKind.CONDITIONAL_OPERATOR):
            self._look_at_condition(cursor, kind)
        elif kind == CursorKind.RETURN_STMT:
            self._look_at_return(cursor, parents)
        elif kind == CursorKind.COMPOUND_STMT:
            for statement in cursor.get_children():
                self._look_at_statement(statement)
        elif kind == CursorKind.CASE_STMT or kind == CursorKind.DEFAULT_STMT:
            children = list(cursor.get_children())
            if children:
                self._look_at_statement(children[-1])

    def _look_at_operator(self, cursor, kind):
        if kind == CursorKind.BINARY_OPERATOR:
            operands = list(cursor.get_children())
        else:
            if not re.fullmatch(r"operator(==|!=|<|<=|>|>=)", cursor.spelling or ""):
                return
            operands = list(cursor.get_arguments())
        if len(operands) != 2:
            return
        begin, end = operands[0].extent.end.offset, operands[1].extent.start.offset
        name = self._file_of(cursor)
        between = self._texts[name][begin:end].decode() if name and begin < end else ""
        operator = between.strip()
        begin += between.index(operator) if operator else 0
        for word, table in (
            ("negate-comparison", NEGATED),
            ("off-by-one", OFF_BY_ONE),
            ("swap-and-or", CONNECTIVES),
        ):
            if operator in table:
                self._add_bytes(name, begin, begin + len(operator), word, table[operator])

    def _look_at_literal(self, cursor):
        old = self._text(cursor)
        if old and LITERAL.fullmatch(old):
            self._add(cursor, "off-by-one", f"({old} + 1)")
            if int(re.sub(r"[uUlLzZ']", "", old), 0) > 0:
                self._add(cursor, "off-by-one", f"({old} - 1)")

    def _look_at_name(self, cursor):
        target = cursor.referenced
        if target is None:
            return
        if target.kind == CursorKind.ENUM_CONSTANT_DECL:
            self._look_at_enumerator(cursor, target)
        elif target.kind == CursorKind.VAR_DECL and re.fullmatch(r"k[A-Z]\w*", target.spelling):
            if target.type.get_canonical().kind in INTEGERS:
                old = self._text(cursor)
                if old and old.endswith(target.spelling):
                    self._add(cursor, "off-by-one", f"({old} + 1)")
                    self._add(cursor, "off-by-one", f"({old} - 1)")

    def _look_at_enumerator(self, cursor, target):
        enum = target.semantic_parent
        if self._file_of(enum) is None:
            return
        names = [c.spelling for c in enum.get_children() if c.kind == CursorKind.ENUM_CONSTANT_DECL]
        other = names[(names.index(target.spelling) + 1) % len(names)]
        old = self._text(cursor)
        if len(names) > 1 and old and re.search(rf"\b{target.spelling}$", old):
            replacement = old[: -len(target.spelling)] + other
            self._add(cursor, "swap-enumerator", replacement)

    def _look_at_condition(self, cursor, kind):
        children = list(cursor.get_children())
        if kind == CursorKind.IF_STMT:
            self._look_at_if(children)
        elif children and not self._declares(children[0]):
            self._negate(children[0])

    @staticmethod
    def _declares(cursor):
        return cursor.kind in (CursorKind.VAR_DECL, CursorKind.DECL_STMT)

    def _look_at_if(self, children):
        first = children[0]
        if not self._declares(first):
            self._negate(first)
            return
        name, end = self._file_of(first), first.extent.end.offset
        if name and self._texts[name][end : end + 1] == b")":
            # if (const auto* x = ...) becomes if (const auto* x = ...; !x)
            variables = [first, *first.get_children()]
            variable = next((v for v in variables if v.kind == CursorKind.VAR_DECL), None)
            if variable is not None:
                negated = f"{self._text(first)}; !{variable.spelling}"
                self._add(first, "negate-condition", negated)
        elif len(children) > 2:  # if (const auto x = ...; condition)
            self._negate(children[1])

    def _look_at_return(self, cursor, parents):
        children = list(cursor.get_children())
        if not children:
            self._look_at_statement(cursor)
        elif children[0].type.get_canonical().kind == TypeKind.BOOL:
            self._negate(children[0])

    def _negate(self, condition):
        """Of what is no comparison and no literal: those have operators of their own."""
        inner = condition
        while inner.kind == CursorKind.UNEXPOSED_EXPR:
            children = list(inner.get_children())
            if len(children) != 1:
                break
            inner = children[0]
        old = self._text(condition)
        if old is None or inner.kind == CursorKind.CXX_BOOL_LITERAL_EXPR:
            return
        if self._is_comparison(inner):
            return
        self._add(condition, "negate-condition", f"!({old})")

    def _is_comparison(self, cursor):
        if cursor.kind == CursorKind.CALL_EXPR:
            return re.fullmatch(r"operator(==|!=|<|<=|>|>=)", cursor.spelling or "") is not None
        if cursor.kind != CursorKind.BINARY_OPERATOR:
            return False
        operands = list(cursor.get_children())
        name = self._file_of(cursor)
        begin, end = operands[0].extent.end.offset, operands[1].extent.start.offset
        return name is not None and self._texts[name][begin:end].decode().strip() in NEGATED

    def _look_at_statement(self, statement):
        if statement.kind.is_expression() or statement.kind in STATEMENTS:
            old = self._text(statement)
        elif statement.kind == CursorKind.RETURN_STMT and not list(statement.get_children()):
            old = self._text(statement)
        else:
            return
        # What says that it does nothing is no place.
        if old and not old.startswith("static_cast<void>"):
            self._add(statement, "drop-statement", "")

    def _text(self, cursor):
        """What stands there; None inside of macros."""
        name = self._file_of(cursor)
        begin, end = cursor.extent.start, cursor.extent.end
        if name is None or begin.file is None or end.file is None:
            return None
        if begin.file.name != end.file.name or begin.offset >= end.offset:
            return None
        text = self._texts[name][begin.offset : end.offset].decode()
        return None if text.startswith("LANPEER_") else text

    def _add(self, cursor, operator, replacement):
        name = self._file_of(cursor)
        if self._text(cursor) is not None:
            begin, end = cursor.extent.start.offset, cursor.extent.end.offset
            self._add_bytes(name, begin, end, operator, replacement)

    def _add_bytes(self, name, begin, end, operator, replacement):
        if name is None:
            return
        function = "::".join(part for part in self._function if part) or "-"
        self.places.add(Place(name, begin, end, operator, replacement, function))


def find_places(root, room, say=lambda text: None):
    """All places of the room (its path in the tree at root), sorted. Raises RuntimeError if a file
    does not parse."""
    folder = root / room
    texts = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in (".cc", ".h"):
            texts[str(path.relative_to(root))] = path.read_bytes()
    finder = Finder(root, texts)
    sources = [name for name in texts if name.endswith(".cc")]
    index = Index.create()
    for number, name in enumerate(sources):
        say(f"reading {number + 1}/{len(sources)} {name}")
        unit = index.parse(str(root / name), args=["-std=c++17", f"-I{root}"])
        errors = [d for d in unit.diagnostics if d.severity >= d.Error]
        if errors:
            raise RuntimeError(f"{name}: libclang does not understand it: {errors[0].spelling}")
        finder.walk_unit(unit)
    return sorted(finder.places), texts
