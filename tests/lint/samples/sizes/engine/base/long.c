/* SPDX-License-Identifier: GPL-3.0-or-later */
void
too_long(void) /* expect: too_long() has 103 lines */
{
    work(0);
    work(1);
    work(2);
    work(3);
    work(4);
    work(5);
    work(6);
    work(7);
    work(8);
    work(9);
    work(10);
    work(11);
    work(12);
    work(13);
    work(14);
    work(15);
    work(16);
    work(17);
    work(18);
    work(19);
    work(20);
    work(21);
    work(22);
    work(23);
    work(24);
    work(25);
    work(26);
    work(27);
    work(28);
    work(29);
    work(30);
    work(31);
    work(32);
    work(33);
    work(34);
    work(35);
    work(36);
    work(37);
    work(38);
    work(39);
    work(40);
    work(41);
    work(42);
    work(43);
    work(44);
    work(45);
    work(46);
    work(47);
    work(48);
    work(49);
    work(50);
    work(51);
    work(52);
    work(53);
    work(54);
    work(55);
    work(56);
    work(57);
    work(58);
    work(59);
    work(60);
    work(61);
    work(62);
    work(63);
    work(64);
    work(65);
    work(66);
    work(67);
    work(68);
    work(69);
    work(70);
    work(71);
    work(72);
    work(73);
    work(74);
    work(75);
    work(76);
    work(77);
    work(78);
    work(79);
    work(80);
    work(81);
    work(82);
    work(83);
    work(84);
    work(85);
    work(86);
    work(87);
    work(88);
    work(89);
    work(90);
    work(91);
    work(92);
    work(93);
    work(94);
    work(95);
    work(96);
    work(97);
    work(98);
    work(99);
}

void
too_many(int a, int b, int c, int d, int e, int f, int g) /* expect: 7 parameters */
{
}

void
too_deep(int a) /* expect: nests 5 blocks */
{
    if (a) {
        for (;;) {
            while (a) {
                if (a) {
                    do {
                    } while (a);
                }
            }
        }
    }
}
