import pytest

from rplay.demo import people, seeding
from rplay.runtime.data_store import files_of


@pytest.fixture(scope="module")
def seed(database, settings, few):
    """Puts the data in place, as the route and the command do."""

    def seed_():
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(people, "plan", lambda: few)
            seeding.put_people()
            return list(seeding.hold_talks(settings, _files(settings)))

    return seed_


def _files(settings):
    files = files_of(settings)
    files.lay_out()
    return files
