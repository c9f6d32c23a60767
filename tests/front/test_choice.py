"""What the hand chooses and what Python asks for: neither undoes the other's newer word."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

# A hand and a Python that hears late, with a clock that the story moves by itself.
SCRIPT = """
async (story) => {
  const {Choice} = await import('/app/static/map/choice.js');
  const choice = new Choice();
  const told = [];
  const shown = [];
  let busy = false;
  choice.members.add({follow: (value) => shown.push(value), busy: () => busy});
  const tell = (value, turn) => told.push({value, turn});
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));
  for (const [what, value] of story) {
    if (what === 'hand') { choice.set(value); choice.settle(tell); }
    if (what === 'grab') { busy = true; choice.set(value); }
    if (what === 'drop') { busy = false; choice.settle(tell); }
    if (what === 'rest') await rest(value);
    // Python has heard so many of the words told, and asks for a value.
    if (what === 'python') {
      const [asked, heard] = value;
      choice.hear(asked, heard ? told[heard - 1].turn : 0, tell);
    }
  }
  choice.quiet();
  return {value: choice.value, told: told.map(({value}) => value), shown};
}
"""
REST = ["rest", 300]


@pytest.fixture(scope="module")
def play(browser, server):
    page = browser.new_page()
    page.goto(server)
    yield lambda *story: page.evaluate(SCRIPT, [*story])
    page.close()


@pytest.mark.parametrize(
    ("story", "value", "told"),
    [
        pytest.param([["python", ["p", 0]]], "p", [], id="Python opens"),
        pytest.param(
            [["python", ["p", 0]], ["python", ["q", 0]]], "q", [], id="Python goes on"
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["python", ["h", 1]]],
            "h", ["h"], id="an echo",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["hand", "i"], REST,
             ["python", ["h", 1]]],
            "i", ["h", "i"], id="a late echo",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["hand", "i"],
             ["python", ["h", 1]], REST],
            "i", ["h", "i"], id="an echo before the hand has settled",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], ["hand", "i"], ["hand", "j"], REST],
            "j", ["j"], id="only what settles is told",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], ["hand", "p"], REST],
            "p", [], id="there and back is no news",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["python", ["q", 1]]],
            "q", ["h"], id="Python asks for more than it heard",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["hand", "p"], REST,
             ["python", ["p", 2]], ["python", ["h", 2]]],
            "h", ["h", "p"], id="Python asks for what the hand has left",
        ),
        pytest.param(
            [["python", ["p", 0]], ["grab", "h"], ["python", ["q", 0]], REST,
             ["drop", None], REST],
            "h", ["h"], id="a hand that holds",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["python", ["h", 1]],
             ["python", ["p", 0]], REST],
            "h", ["h", "h"], id="Python was started anew and is told again",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["python", ["h", 1]],
             ["python", ["h", 0]], REST, ["python", ["q", 0]]],
            "q", ["h"], id="Python was started anew with the same link",
        ),
        pytest.param(
            [["python", ["p", 0]], ["hand", "h"], REST, ["rest", 5200]],
            "h", ["h", "h"], id="a word that is not heard is said again",
        ),
    ],
)  # fmt: skip
def test_choice(play, story, value, told):
    result = play(*story)
    assert result["value"] == value
    assert result["told"] == told
    assert result["shown"][-1] == value
