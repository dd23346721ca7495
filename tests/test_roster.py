"""Rosters, as people write them and as nobody would."""

import csv
import io

import gevent
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rplay import roster
from rplay.errors import BadRequest, TooLarge

HEADER = "firstName,lastName,email,password,role,jobRole\n"


def refusal(read, source, limit=100):
    with pytest.raises((BadRequest, TooLarge)) as caught:
        read(source, limit)
    return caught.value.status, caught.value.text


class TestCsv:
    def test_gives_a_row_a_person(self):
        rows = roster.from_csv(HEADER + "Zoë,张,z@example.com,Passw0rdX,,Rep\n", 100)
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
        rows = roster.from_csv("Company, EMAIL ,password,Name\nAcme,a@example.com,x,Ann Lee\n", 100)
        assert rows == [{"email": "a@example.com", "password": "x", "name": "Ann Lee"}]

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_takes_the_line_ends_of_every_system(self, end):
        text = HEADER.replace("\n", end) + f"A,B,a@example.com,x,,{end}{end}C,D,c@example.com,x,,"
        assert [row["email"] for row in roster.from_csv(text, 100)] == ["a@example.com", "c@example.com"]

    def test_takes_quotes_commas_and_line_ends_inside_quotes(self):
        rows = roster.from_csv(HEADER + '"Ann ""A""","O\'Neil, Jr",q@example.com,x,,"One\nTwo"\r\n', 100)
        assert (rows[0]["firstName"], rows[0]["lastName"], rows[0]["jobRole"]) == ('Ann "A"', "O'Neil, Jr", "One\nTwo")

    def test_passes_over_blank_lines_and_those_a_spreadsheet_leaves_behind(self):
        assert len(roster.from_csv("\n" + HEADER + "\nA,B,a@example.com,x,,\n  \n,,,,,\n", 100)) == 1

    @pytest.mark.parametrize("mark", ["\ufeff", b"\xef\xbb\xbf"])
    def test_takes_a_byte_order_mark(self, mark):
        text = HEADER + "A,B,a@example.com,x,,\n"
        source = mark + (text if isinstance(mark, str) else text.encode())
        assert roster.from_csv(source, 100)[0]["firstName"] == "A"

    @pytest.mark.parametrize(
        ("body", "line"),
        [
            ('"a,b\n', 2),
            ('A,B,a@example.com,x,,\n"C,D\n\n\n', 3),
            ('A,B,a@example.com,x,,"one\ntwo"\nC,"D"x,c@example.com,x,,\n', 4),
            ("A,B\n", 2),
            ("\nA,B,a@example.com,x,,\nA,B,c@example.com,x,,,,\n", 4),
            ("x" * 200_000, 2),
        ],
        ids=["open quote", "later open quote", "quote inside", "too short", "too long", "endless field"],
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
            (HEADER.encode("utf-16"), "line 1 is not UTF-8"),
            ("a,b\n1,2\n", "line 1 must name the columns"),
            (
                "firstName;lastName;email;password\n",
                "line 1 must name the columns firstName, lastName, email, password,",
            ),
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
            assert all(isinstance(value, str) for row in rows for value in row.values())

    @given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=6, max_size=6), min_size=1))
    def test_reads_back_whatever_was_written(self, people):
        file = io.StringIO()
        csv.writer(file).writerows([HEADER.strip().split(","), *people])
        kept = [person for person in people if any(field.strip() for field in person)]
        if kept:
            assert [list(row.values()) for row in roster.from_csv(file.getvalue(), 10_000)] == kept


class TestJson:
    @pytest.mark.parametrize("source", [[{"a": 1}], '[{"a":1}]', b'\xef\xbb\xbf[{"a":1}]', '\ufeff [{"a": 1}]'])
    def test_takes_an_array_or_its_text(self, source):
        assert roster.from_json(source, 100) == [{"a": 1}]

    @pytest.mark.parametrize("source", [[], {"a": 1}, 5, False, "5", "null", '{"users": []}', "[]"])
    def test_refuses_what_is_no_list_of_people(self, source):
        assert refusal(roster.from_json, source) == (400, "No users provided or invalid format")

    @pytest.mark.parametrize("source", ["[{", b"\xff", "[1,\n x]", "\ud800", "[" * 5000, ""])
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
