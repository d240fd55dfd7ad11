from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.database.dialect import tables, translated
from kiosk.urls import without_password


@pytest.mark.parametrize(
    ("sql", "wanted"),
    [
        ("SELECT :a, :b_2 FROM t WHERE x=:a", "SELECT %(a)s, %(b_2)s FROM t WHERE x=%(a)s"),
        ("SELECT ':a', :a", "SELECT ':a', %(a)s"),
        ("SELECT 'it''s :a', :a", "SELECT 'it''s :a', %(a)s"),
        ('SELECT ":a" FROM t WHERE b = :b', 'SELECT ":a" FROM t WHERE b = %(b)s'),
        ("SELECT x::text, :a", "SELECT x::text, %(a)s"),
        ("SELECT :a -- and :b\n, :c", "SELECT %(a)s -- and :b\n, %(c)s"),
        ("SELECT 5 % 2, '%', :a", "SELECT 5 %% 2, '%%', %(a)s"),
    ],
)
def test_only_what_is_a_parameter_becomes_one(sql: str, wanted: str) -> None:
    assert translated(sql) == (wanted, True)


@pytest.mark.parametrize("sql", ["SELECT 1", "SELECT '%', ':a'", "SELECT x::text"])
def test_a_text_without_parameters_stays_as_it_is(sql: str) -> None:
    assert translated(sql) == (sql, False)


@given(st.text("':\"%-ab \n", max_size=30))
def test_any_text_is_translated_to_one_that_says_the_same(sql: str) -> None:
    text, bound = translated(sql)
    back = text.replace("%%", "\0").replace("%(", ":").replace(")s", "").replace("\0", "%")

    assert (back if bound else text) == sql


def test_every_text_column_is_compared_by_the_byte() -> None:
    made = tables("CREATE TABLE t (a TEXT NOT NULL, b TEXT, n BIGINT)")

    assert made == 'CREATE TABLE t (a TEXT COLLATE "C" NOT NULL, b TEXT COLLATE "C", n BIGINT)'


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://kiosk:s3cret@server/kiosk",
        "postgresql://kiosk:s3c:r@t@server:5432/kiosk?sslmode=require",
        "postgresql//kiosk:s3cret@server/kiosk",
        "postgres:kiosk:s3cret@server",
        "postgresql://server/kiosk?user=kiosk&password=s3cret&sslmode=require",
        "postgresql://kiosk:pa/s3cret@server/kiosk",
        "postgresql://kiosk:my s3cret@server/kiosk",
        "postgresql://kiosk:my /s3c @ ret@server/kiosk",
        "postgres:kiosk:my s3cret@server",
        "postgresql://server/kiosk?user=kiosk&password=my s3cret",
        "postgresql://server/kiosk?password='my s3cret' user=kiosk",
    ],
)
def test_a_password_is_never_shown(url: str) -> None:
    told = without_password(f'could not use "{url}"')

    assert "s3c" not in told
    assert told.startswith('could not use "postgres')


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://kiosk@10.0.0.5:5432/kiosk",
        "postgresql:///kiosk",
        'connection to server at "10.0.0.5", port 5432 failed: FATAL: no such user "a@b"',
        "sqlite:///kiosk.db",
    ],
)
def test_an_address_without_a_password_stays_as_it_is(text: str) -> None:
    assert without_password(text) == text
