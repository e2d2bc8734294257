"""./gov manage messages: what it finds in sources, what it keeps, what it complains about."""

import polib
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from platform_core.management.commands.messages import (
    FUNCTIONS,
    extract,
    has_same_placeholders,
    messages_in,
    problems_of,
    update,
)


@pytest.fixture
def tree(tmp_path, settings):
    """A small project of one Python file and one template, with its catalogue folder."""
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "platform_core" / "locale"]
    templates = tmp_path / "service_hub" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "service_hub" / "views.py").write_text('title = _("My cases")\n')
    (templates / "list.html").write_text(
        "{% if cases %}\n    {% translate 'My cases' %}\n  {% endif %}\n"
        "{% blocktranslate trimmed count n=cases|length %}\n  {{ n }} case\n"
        "{% plural %}\n  {{ n }} cases\n{% endblocktranslate %}\n"
    )
    return tmp_path


def catalogue(tree):
    return polib.pofile(str(tree / "platform_core/locale/zh_Hans/LC_MESSAGES/django.po"))


def write(tree, **translations):
    """Translates by msgid and saves."""
    po = catalogue(tree)
    for entry in po:
        value = translations.get(entry.msgid.replace(" ", "_").replace("%(n)s", "n"), "")
        if entry.msgid_plural:
            entry.msgstr_plural = {0: value}
        else:
            entry.msgstr = value
    po.save()


def test_it_finds_every_way_to_say_something():
    source = """
a = _("plain")
b = pgettext_lazy("verb", "file")
c = ngettext("%(n)s day", "%(n)s days", n)
d = gettext("joined "
            "over lines")
e = gettext(variable)
f = npgettext("clock", "hour", "hours", n)
"""
    assert set(messages_in(source, is_template=False)) == {
        (None, "plain", None),
        ("verb", "file", None),
        (None, "%(n)s day", "%(n)s days"),
        (None, "joined over lines", None),
        ("clock", "hour", "hours"),
    }
    assert {"gettext_lazy", "pgettext"} <= set(FUNCTIONS)


def test_templates_may_indent_and_quote_as_they_like():
    source = """
      {% if a %}
   <p title="it's {% translate "Don't" %}">{{ _("Filter")|upper }}</p>
        {% endif %}
  {% translate "May" context "month" %}
{# {% translate "not this" %} #}
{% blocktranslate trimmed with name=user.name %}
  Good morning,
  {{ name }}
{% endblocktranslate %}
"""
    assert set(messages_in(source, is_template=True)) == {
        (None, "Don't", None),
        (None, "Filter", None),
        ("month", "May", None),
        (None, "Good morning, %(name)s", None),
    }


def test_a_template_that_does_not_parse_is_named():
    with pytest.raises(CommandError, match=r"broken\.html"):
        list(messages_in("{% blocktranslate %}{% if %}", is_template=True, origin="broken.html"))


def test_a_new_catalogue_holds_everything_and_is_stable(tree):
    call_command("messages")
    first = catalogue(tree)
    assert [(e.msgid, e.msgid_plural) for e in first] == [
        ("%(n)s case", "%(n)s cases"),
        ("My cases", ""),
    ]
    assert [name for name, _line in first[1].occurrences] == [
        "service_hub/templates/list.html",
        "service_hub/views.py",
    ]
    text = str(first)
    call_command("messages")
    assert str(catalogue(tree)) == text


def test_translations_are_kept_and_texts_that_went_away_go(tree):
    call_command("messages")
    write(tree, n_case="%(n)s 件", My_cases="我的办件")
    call_command("messages", check=True)
    (tree / "service_hub" / "views.py").write_text('title = _("My cases")\nmore = _("New")\n')
    (tree / "service_hub" / "templates" / "list.html").unlink()
    call_command("messages")
    assert {e.msgid: e.msgstr for e in catalogue(tree)} == {"My cases": "我的办件", "New": ""}


@pytest.mark.parametrize(
    ("translations", "complaint"),
    [
        ({"n_case": "%(n)s 件"}, "missing: 'My cases'"),
        ({"n_case": "几件", "My_cases": "我的办件"}, "placeholders differ: '%(n)s case'"),
    ],
)
def test_the_check_fails_and_says_why(tree, translations, complaint, capsys):
    call_command("messages")
    write(tree, **translations)
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert complaint in capsys.readouterr().err


def test_the_check_changes_nothing(tree):
    with pytest.raises(CommandError):
        call_command("messages", check=True)
    assert not (tree / "platform_core").exists()


def test_fuzzy_and_obsolete_entries_are_problems(tree):
    messages = extract(tree)
    po = update(polib.POFile(), messages)
    for entry in po:
        entry.msgstr = "我的办件" if not entry.msgid_plural else ""
        entry.msgstr_plural = {0: "%(n)s 件"} if entry.msgid_plural else {}
    assert problems_of(po, messages) == []
    po[1].flags.append("fuzzy")
    po.append(polib.POEntry(msgid="Gone", msgstr="没了"))
    assert problems_of(po, messages) == ["fuzzy: 'My cases'", "obsolete: 'Gone'"]
    assert update(po, messages)[1].fuzzy


@pytest.mark.parametrize(
    ("original", "translation", "same"),
    [
        ("%(a)s of %(b)s", "%(b)s 之 %(a)s", True),
        ("%(a)s of %(b)s", "%(a)s", False),
        ("%s days", "%d 天", False),
        ("{name} signed", "{name}已签", True),
        ("{name} signed", "{nom}已签", False),
        ("100%% sure", "100%% 确定", True),
    ],
)
def test_placeholders(original, translation, same):
    entry = polib.POEntry(msgid=original, msgstr=translation)
    assert has_same_placeholders(entry) is same
