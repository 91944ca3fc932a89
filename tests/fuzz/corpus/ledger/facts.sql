UPDATE facts SET value = '[[[['
