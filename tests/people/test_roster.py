"""Rosters, as people write them and as nobody would."""

import csv
import io

import gevent
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rplay.errors import BadRequest, TooLarge
from rplay.people import roster
from rplay.people.roster import TOO_MANY

HEADER = "firstName,lastName,email,password,role,jobRole\n"


def refusal(read, source, limit=100):
    with pytest.raises((BadRequest, TooLarge)) as caught:
        read(source, limit)
    return caught.value.status, caught.value.text


def values(source, limit=100):
    return [row.values for row in roster.from_csv(source, limit)]


def emails(source):
    return [row["email"] for row in values(source)]


class TestCsv:
    def test_gives_a_row_a_person(self):
        rows = values(HEADER + "Zoë,张,z@example.com,Passw0rdX,,Rep\n")
        assert rows == [
            {
                "firstName": "Zoë",
                "lastName": "张",
                "email": "z@example.com",
                "password": "Passw0rdX",
                "role": "",
                "jobRole": "Rep",
            }
        ]

    def test_takes_columns_in_any_order_and_case_and_passes_over_others(self):
        rows = values("Company, EMAIL ,password,Name\nAcme,a@example.com,x,Ann Lee\n")
        assert rows == [{"email": "a@example.com", "password": "x", "name": "Ann Lee"}]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_takes_the_line_ends_of_every_system(self, end):
        text = HEADER.replace("\n", end) + f"A,B,a@example.com,x,,{end}{end}C,D,c@example.com,x,,"
        assert emails(text) == ["a@example.com", "c@example.com"]

    def test_takes_quotes_commas_and_line_ends_inside_quotes(self):
        rows = values(HEADER + '"Ann ""A""","O\'Neil, Jr",q@example.com,x,,"One\nTwo"\r\n')
        assert (rows[0]["firstName"], rows[0]["lastName"], rows[0]["jobRole"]) == ('Ann "A"', "O'Neil, Jr", "One\nTwo")

    def test_passes_over_blank_lines_and_those_a_spreadsheet_leaves_behind(self):
        assert len(roster.from_csv("\n" + HEADER + "\nA,B,a@example.com,x,,\n  \n,,,,,\n", 100)) == 1

    @pytest.mark.parametrize("mark", ["\ufeff", "\ufeff\ufeff", b"\xef\xbb\xbf", b"\xef\xbb\xbf\xef\xbb\xbf"])
    @pytest.mark.parametrize("quote", ["", '"'])
    def test_takes_byte_order_marks(self, mark, quote):
        text = f"{quote}firstName{quote},lastName,email,password\nA,B,a@example.com,x\n"
        source = mark + (text if isinstance(mark, str) else text.encode())
        assert values(source)[0]["firstName"] == "A"

    @pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
    @pytest.mark.parametrize("delimiter", ["\t", ",", ";"])
    def test_takes_utf_16_that_says_so(self, encoding, delimiter):
        text = "\ufefffirstName,lastName,email,password\r\nZoë,李😀,z@example.com,x\r\n".replace(",", delimiter)
        [row] = values(text.encode(encoding))
        assert (row["firstName"], row["lastName"], row["password"]) == ("Zoë", "李😀", "x")

    @pytest.mark.parametrize("delimiter", [";", "\t", ","])
    @pytest.mark.parametrize(
        "before", ["", "\ufeff", "sep={}\r\n", "\ufeffsep={}\r\n", '"sep={}"\n', "SEP={}\r\n", "\r\n;;;\r\n"]
    )
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_tells_the_delimiter_from_the_first_line(self, delimiter, before, end):
        text = f'firstName,lastName,email,password{end}"A, ; B",L,a@example.com,x{end}'
        listed = text.replace(",", delimiter).replace(f"A{delimiter}", "A,")
        [row] = values(before.format(delimiter) + listed)
        assert (row["firstName"], row["email"], row["password"]) == ("A, ; B", "a@example.com", "x")

    def test_goes_by_what_sep_says(self):
        assert emails("sep=|\nname|email|password\nA B|a@example.com|x\n") == ["a@example.com"]

    def test_counts_lines_from_the_first_of_the_file(self):
        text = "\nsep=;\n\nname;email;password\n\nA;a@example.com;x\nB;b@example.com;x;y\n"
        assert [(row.number, row.problem) for row in roster.from_csv(text, 9)] == [(6, None), (7, TOO_MANY)]

    @pytest.mark.parametrize(
        "header",
        ["First Name,Last Name,E-mail,Password", "first_name,last-name,E_Mail,PASSWORD", "Given name,Surname,Email Address,password",
         "\u200bfirstName,last\u00a0Name,\ufeffemail\u00a0,pass\u00adword", '"First\nName",Family Name,mail, Password '],
    )  # fmt: skip
    def test_knows_columns_by_what_they_mean(self, header):
        assert values(f"{header}\nA,B,a@example.com,x\n") == [
            {"firstName": "A", "lastName": "B", "email": "a@example.com", "password": "x"}
        ]

    def test_takes_a_full_name_and_a_job_title(self):
        assert values("Full Name,E-mail,Password,Job Title,Role\nA B,a@example.com,x,Rep,trainer\n") == [
            {"name": "A B", "email": "a@example.com", "password": "x", "jobRole": "Rep", "role": "trainer"}
        ]

    def test_takes_another_word_only_where_the_column_itself_is_not_named(self):
        text = "Surname,mail,name,email,password\nLee,other@example.com,Ann Lee,a@example.com,x\n"
        assert values(text) == [{"lastName": "Lee", "name": "Ann Lee", "email": "a@example.com", "password": "x"}]

    def test_fills_up_short_rows_and_drops_empty_cells_at_the_end(self):
        rows = roster.from_csv(HEADER + "A,B,a@example.com,x\nA,B,b@example.com,x,,,, ,\n", 9)
        assert [(row.problem, row.values["email"], row.values["jobRole"]) for row in rows] == [
            (None, "a@example.com", ""),
            (None, "b@example.com", ""),
        ]

    def test_refuses_a_row_with_too_many_fields_by_itself(self):
        rows = roster.from_csv(HEADER + "A,B,a@example.com,x,,,more\nA,B,b@example.com,x,,\n", 9)
        assert [row.problem for row in rows] == [TOO_MANY, None]
        assert rows[0].fields == ["A", "B", "a@example.com", "x", "", "", "more"]

    @pytest.mark.parametrize(
        ("body", "line"),
        [
            ('"a,b\n', 2),
            ('A,B,a@example.com,x,,\n"C,D\n\n\n', 3),
            ('A,B,a@example.com,x,,"one\ntwo"\nC,"D"x,c@example.com,x,,\n', 4),
            ("x" * 200_000, 2),
        ],
        ids=["open quote", "later open quote", "quote inside", "endless field"],
    )
    def test_names_the_line_it_cannot_read(self, body, line):
        status, text = refusal(roster.from_csv, HEADER + body)
        assert status == 400
        assert text.startswith("Invalid CSV: ")
        assert f"line {line} " in text

    @pytest.mark.parametrize(
        ("source", "says"),
        [
            (HEADER.encode() + "Zoë,Lee".encode("latin-1"), "line 2 is not UTF-8"),
            (b"\xef\xbb\xbf" + HEADER.encode() + "é\nZoë,Lee".encode() + b"\xe9,", "line 3 is not UTF-8"),
            (HEADER.encode("utf-16-le"), "line 1 is not UTF-8"),
            (b"\xff\xfe" + f"{HEADER}A".encode("utf-16-le") + b"\x00\xd8", "line 2 is not UTF-8"),
            (
                "a,b\n1,2\n",
                "line 1 must name the columns firstName, lastName, email, password: separate them by commas,",
            ),
            (
                "firstName;lastName;email\n",
                "line 1 must name the columns firstName, lastName, email, password: it has no password",
            ),
            ("First Name,E-Mail,Password\n", "it has no lastName"),
            (
                "\n\nemail,password\n",
                "line 3 must name the columns firstName, lastName, email, password: it has no firstName and no lastName",
            ),
            ("Title,,\nname,email,password\n", "line 1 must name the columns"),
            ("Mail,E-Mail Address,name,password\n", "line 1 names a column twice"),
            ("\nname,email,Email,password\n", "line 2 names a column twice"),
        ],
    )
    def test_says_what_is_wrong_with_the_file(self, source, says):
        status, text = refusal(roster.from_csv, source)
        assert (status, text.startswith("Invalid CSV: "), says in text) == (400, True, True)

    @pytest.mark.parametrize("source", ["", "\n\n", HEADER, HEADER + "\n,,,,,\n"])
    def test_refuses_one_without_people(self, source):
        assert refusal(roster.from_csv, source) == (400, "No users provided or invalid format")

    def test_refuses_too_many_without_reading_to_the_end(self):
        body = "A,B,a@example.com,x,,\n" * 4 + '"never closed'
        status, text = refusal(roster.from_csv, HEADER + body, limit=3)
        assert (status, "at most 3 people" in text) == (413, True)
        assert len(roster.from_csv(HEADER + "A,B,a@example.com,x,,\n" * 3, 3)) == 3

    def test_lets_others_run_while_it_reads_a_long_one(self):
        turns = []
        other = gevent.spawn(lambda: [turns.append(gevent.sleep(0)) for _ in range(5)])
        roster.from_csv(HEADER + "A,B,a@example.com,x,,\n" * 2000, 5000)
        assert len(turns) == 5
        other.join()

    @given(st.one_of(st.text(), st.binary(), st.text(alphabet='",\r\n ab\0')))
    def test_never_fails_but_with_its_own_refusal(self, body):
        for source in (body, (HEADER if isinstance(body, str) else HEADER.encode()) + body):
            try:
                rows = roster.from_csv(source, 3)
            except (BadRequest, TooLarge):
                continue
            assert all(isinstance(value, str) for row in rows for value in row.values.values())

    @given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=6, max_size=6), min_size=1))
    def test_reads_back_whatever_was_written(self, people):
        file = io.StringIO()
        csv.writer(file).writerows([HEADER.strip().split(","), *people])
        kept = [person for person in people if any(field.strip() for field in person)]
        if kept:
            assert [list(row.values()) for row in values(file.getvalue(), 10_000)] == kept


class TestJson:
    @pytest.mark.parametrize(
        "source",
        [[{"a": 1}], '[{"a":1}]', b'\xef\xbb\xbf[{"a":1}]', '\ufeff [{"a": 1}]', '\ufeff[{"a":1}]'.encode("utf-16-le")],
    )
    def test_takes_an_array_or_its_text(self, source):
        assert [(row.number, row.values) for row in roster.from_json(source, 100)] == [(1, {"a": 1})]

    @pytest.mark.parametrize("source", [[], {"a": 1}, 5, False, "5", "null", '{"users": []}', "[]"])
    def test_refuses_what_is_no_list_of_people(self, source):
        assert refusal(roster.from_json, source) == (400, "No users provided or invalid format")

    @pytest.mark.parametrize("source", ["[{", b"\xff", b"\xff\xfe[\0\x00\xd8", "[1,\n x]", "\ud800", "[" * 5000, ""])
    def test_says_where_the_text_cannot_be_read(self, source):
        status, text = refusal(roster.from_json, source)
        assert (status, text.startswith("Invalid JSON: ")) == (400, True)

    def test_tells_line_and_character(self):
        text = "Invalid JSON: it cannot be read at line 2, character 2"
        assert refusal(roster.from_json, "[1,\n x]") == (400, text)

    def test_refuses_too_many(self):
        assert refusal(roster.from_json, [{}] * 4, limit=3)[0] == 413

    @given(st.one_of(st.text(), st.binary(), st.recursive(st.none() | st.text(), st.lists).map(orjson.dumps)))
    def test_never_fails_but_with_its_own_refusal(self, source):
        try:
            rows = roster.from_json(source, 3)
        except (BadRequest, TooLarge):
            return
        assert 0 < len(rows) <= 3
