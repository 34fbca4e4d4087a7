import assert from 'node:assert/strict';
import { test } from 'node:test';
import { csv } from '../../main/ui/export.js';

test('cells are quoted where they must be', () => {
  assert.equal(csv([['a', 'b,c', 'd"e', 'f\ng']]), 'a,"b,c","d""e","f\ng"\r\n');
});

test('what is not there is empty, and numbers are as they are', () => {
  assert.equal(csv([[null, undefined, 0, -1.5, 1e-7, true]]), ',,0,-1.5,1e-7,true\r\n');
});

test('a text is no formula of a spreadsheet', () => {
  assert.equal(csv([['=1+1', '+1', '-x', '@x', 'x=1']]), "'=1+1,'+1,'-x,'@x,x=1\r\n");
  assert.equal(csv([['=HYPERLINK("x")']]), '"\'=HYPERLINK(""x"")"\r\n');
});
