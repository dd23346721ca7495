"""Generates client profiles in advance for times when no AI provider can make one."""

import time
from functools import partial

import structlog
from gevent.pool import Pool

from rplay.agents import profile
from rplay.agents.chain import Chain
from rplay.agents.types import ProfileWish
from rplay.briefing import wish
from rplay.db import pregenerated_profiles
from rplay.db.pregenerated_profiles import Pregenerated
from rplay.db.sessions import SignedIn
from rplay.errors import AIError
from rplay.web.auth import again
from rplay.web.fields.training import DIFFICULTIES
from rplay.web.parts import chain_of, parts
from rplay.web.scenes import steering

log = structlog.get_logger()

AT_ONCE = 4  # profiles that are generated at the same time
ALL_SECONDS = 60.0  # seconds for all profiles together


def pregenerate(user: SignedIn) -> tuple[int, int]:
    """Generate a profile for each industry, subcategory and difficulty. Return how many were generated, and how many
    were tried.

    Where generating fails, the earlier profile is kept.
    """
    wishes = _wishes()
    end = time.monotonic() + ALL_SECONDS
    # Each job has its own chain, which counts failures separately: a provider that is down is soon skipped.
    jobs = [partial(_make, chain_of(user), wanted, end) for wanted in wishes]
    pool = Pool(AT_ONCE)
    try:
        return sum(_kept(user, *one) for one in pool.imap_unordered(lambda job: job(), jobs)), len(wishes)
    finally:
        pool.kill(block=False)


def _wishes() -> list[ProfileWish]:
    existing = [one.profile for one in pregenerated_profiles.latest()]
    data, parameters = parts().data, steering()
    return [
        wish(data, parameters, industry, difficulty, subcategory, existing=existing)
        for industry, about in data.industry_metadata().items()
        for subcategory in about.get("subcategories") or ("default",)
        for difficulty in DIFFICULTIES
    ]


def _make(chain: Chain, wanted: ProfileWish, end: float) -> tuple[ProfileWish, Pregenerated | None]:
    try:
        made, answered = profile.generate(chain, wanted, min(profile.DEADLINE, end - time.monotonic()))
    except AIError as error:
        log.warning("profile_not_pregenerated", industry=wanted.industry, reason=str(error))
        return wanted, None
    return wanted, Pregenerated(made, answered.provider, answered.model)


def _kept(user: SignedIn, wanted: ProfileWish, made: Pregenerated | None) -> bool:
    """Store a generated profile; return False if there is none. The caller is checked again, as generating takes long
    enough for them to stop being an admin.
    """
    if made is None:
        return False
    again(user)
    pregenerated_profiles.keep(wanted.industry, wanted.subcategory or "default", wanted.difficulty, made)
    return True
