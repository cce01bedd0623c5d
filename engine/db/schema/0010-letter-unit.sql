-- Nothing asks by it, and every change paid for it.
DROP INDEX letter_unit;
