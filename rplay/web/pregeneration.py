"""Client profiles made ahead, for times when no AI provider can make one."""

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

AT_ONCE = 4  # profiles that are asked for at the same time
ALL_SECONDS = 60.0  # seconds for all of them


def pregenerate(user: SignedIn) -> tuple[int, int]:
    """One profile for each industry, subcategory and difficulty; how many were made, and of how many. A setting that
    fails keeps the one it had."""
    wishes = _wishes()
    end = time.monotonic() + ALL_SECONDS
    # Each counts its failures for itself: a provider that is down is soon left alone.
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
    """Whether there was one to keep. It was waited for: the caller may be no admin any more."""
    if made is None:
        return False
    again(user)
    pregenerated_profiles.keep(wanted.industry, wanted.subcategory or "default", wanted.difficulty, made)
    return True
