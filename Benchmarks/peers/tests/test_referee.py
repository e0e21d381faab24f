"""What the referee takes over from the linker's own result."""

import unittest

import referee


class Settings(unittest.TestCase):
    def test_the_dial_and_what_is_read_at_it_go_with_the_refereed_rates(self):
        run = {"set": "febrl4", "variant": "own dial", "dial": "salt: none", "attack_single_first": 0.16,
               "attack_findings": [], "pair_f1": 1.0, "seconds": 3.0}
        self.assertEqual(referee.settings(run), {
            "variant": "own dial, refereed", "dial": "salt: none", "attack_single_first": 0.16, "attack_findings": [],
        })
        self.assertEqual(referee.settings({}), {"variant": "refereed"})


if __name__ == "__main__":
    unittest.main()
