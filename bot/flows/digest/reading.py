"""A lead has read a team's week: one tap, which the team sees under its summary."""

from bot import leads, ripples
from bot.chat.replies import Reply
from bot.flow import Forgotten, Turn
from bot.flows.digest.helping import first
from storage import kudos, people, teams


def read(turn: Turn, cycle_id: int, week: int, team_id: int) -> Reply:
    """Shown under the summary; pressing again changes nothing, nor does anybody else's pressing."""
    team = teams.team(turn.session, team_id)
    if team is None or cycle_id != turn.term.cycle_id or not 1 <= week <= turn.term.calendar.weeks:
        raise Forgotten(str(team_id))
    lines = leads.lines(turn.session)
    if turn.me not in lines.leads([team_id]):
        lead = people.person(turn.session, lines.nearest_lead(team_id) or 0)
        name = first(lead) if lead else ""
        return turn.say("digest.not_lead_title", "digest.not_lead", team=team.name, name=name)
    if kudos.read(turn.session, cycle_id, week, team_id, turn.me, turn.now):
        ripples.of_team(turn.session, turn.term, turn.now, [team_id], week)
    return turn.say("digest.read_title", "digest.read_said", team=team.name, name="")
